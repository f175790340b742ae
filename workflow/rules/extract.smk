rule extract:
    """Find the alliances that documents report, and the figures on alliances that they give."""
    input:
        documents="results/interim/{corpus}/{part}/documents.jsonl",
    output:
        mentions="results/interim/{corpus}/{part}/mentions.jsonl",
        claims="results/interim/{corpus}/{part}/claims.jsonl",
    log:
        "results/logs/extract/{corpus}/{part}.log",
    benchmark:
        "results/logs/benchmark/extract/{corpus}/{part}.tsv"
    conda:
        "../envs/entente.yaml"
    params:
        # Not an output, which Snakemake would remove before a rerun.
        known=lambda _, output: Path(output.mentions).with_name("known.jsonl"),
        source=source("entente.extract"),
    message:
        "Extracting from {wildcards.corpus}, part {wildcards.part}"
    shell:
        "python -m entente.extract {input.documents:q}"
        " --mentions {output.mentions:q} --claims {output.claims:q} --known {params.known:q} 2> {log:q}"
