rule ingest:
    """Read one part of a corpus as documents: text normalised, language and date told."""
    input:
        description=lambda wildcards: local(
            f"{config['corpora']}/{wildcards.corpus}/corpus.yaml"
        ),
    output:
        documents="results/interim/{corpus}/{part}/documents.jsonl",
        rejected="results/interim/{corpus}/{part}/rejected.jsonl",
    log:
        "results/logs/ingest/{corpus}/{part}.log",
    benchmark:
        "results/logs/benchmark/ingest/{corpus}/{part}.tsv"
    conda:
        "../envs/entente.yaml"
    params:
        # Not as inputs: of 100,000 Snakemake takes ten seconds to plan anything. It runs a job anew where a parameter
        # changed, unless told otherwise (`--rerun-triggers`).
        files=lambda wildcards: STATES[f"{wildcards.corpus}/{wildcards.part}"],
        folder=lambda wildcards: f"{config['corpora']}/{wildcards.corpus}",
        documents=config["part"]["documents"],
        part_megabytes=config["part"]["megabytes"],
        seconds=config["reading"]["seconds"],
        megabytes=config["reading"]["megabytes"],
        max_characters=config["max_characters"],
        source=source("entente.ingest"),
    message:
        "Reading {wildcards.corpus}, part {wildcards.part}"
    shell:
        "python -m entente.ingest {params.folder:q} --part {wildcards.part}"
        " --part-documents {params.documents} --part-megabytes {params.part_megabytes}"
        " --max-characters {params.max_characters} --seconds {params.seconds} --megabytes {params.megabytes}"
        " --output {output.documents:q} --rejected {output.rejected:q} 2> {log:q}"
