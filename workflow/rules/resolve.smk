rule resolve:
    """Join what all documents say of one alliance, and the names of one organisation."""
    input:
        descriptions=DESCRIPTIONS,
        documents=expand("results/interim/{part}/documents.jsonl", part=PARTS),
        mentions=expand("results/interim/{part}/mentions.jsonl", part=PARTS),
    output:
        alliances="results/interim/alliances.jsonl",
        organisations="results/interim/organisations.jsonl",
        duplicates="results/interim/duplicates.jsonl",
    log:
        "results/logs/resolve.log",
    benchmark:
        "results/logs/benchmark/resolve.tsv"
    conda:
        "../envs/entente.yaml"
    params:
        interim=lambda _, output: Path(output.alliances).parent,
        corpora=FOLDERS,
        minimum_confidence=config["minimum_confidence"],
        source=source("entente.resolve"),
    message:
        "Resolving mentions to alliances"
    shell:
        "python -m entente.resolve {params.interim:q} --corpora {params.corpora:q}"
        " --minimum-confidence {params.minimum_confidence} --alliances {output.alliances:q}"
        " --organisations {output.organisations:q} --duplicates {output.duplicates:q} 2> {log:q}"
