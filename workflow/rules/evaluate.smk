rule evaluate:
    """Score mentions and claims against what readers coded by hand."""
    input:
        descriptions=DESCRIPTIONS,
        gold=GOLD,
        documents=expand("results/interim/{part}/documents.jsonl", part=PARTS),
        mentions=expand("results/interim/{part}/mentions.jsonl", part=PARTS),
        claims=expand("results/interim/{part}/claims.jsonl", part=PARTS),
    output:
        scores="results/interim/evaluation.csv",
    log:
        "results/logs/evaluate.log",
    benchmark:
        "results/logs/benchmark/evaluate.tsv"
    conda:
        "../envs/entente.yaml"
    params:
        interim=lambda _, output: Path(output.scores).parent,
        corpora=FOLDERS,
        minimum_confidence=config["minimum_confidence"],
        source=source("entente.evaluate"),
    message:
        "Scoring against gold"
    shell:
        "python -m entente.evaluate {params.interim:q} --corpora {params.corpora:q}"
        " --minimum-confidence {params.minimum_confidence} --output {output.scores:q} 2> {log:q}"
