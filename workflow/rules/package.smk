rule package:
    """Write the data set, in a folder that can be deposited as it is."""
    input:
        descriptions=DESCRIPTIONS,
        documents=expand("results/interim/{part}/documents.jsonl", part=PARTS),
        rejected=expand("results/interim/{part}/rejected.jsonl", part=PARTS),
        mentions=expand("results/interim/{part}/mentions.jsonl", part=PARTS),
        claims=expand("results/interim/{part}/claims.jsonl", part=PARTS),
        resolved=rules.resolve.output,
        tables=expand("results/tables/{table}.csv", table=TABLES),
        citation=local([path for path in ["CITATION.cff"] if Path(path).exists()]),
    output:
        data=expand(
            "results/package/{table}.{ending}",
            table=[
                "alliances",
                "alliance_partners",
                "alliance_functions",
                "stakes",
                "organisations",
                "organisation_names",
                "mentions",
                "mention_evidence",
                "claims",
                "claim_evidence",
                "documents",
                "corpora",
                "rejected",
                "codebook",
            ],
            ending=["csv", "parquet"],
        ),
        tables=expand(
            "results/package/tables/{table}.{ending}",
            table=TABLES,
            ending=["csv", "parquet"],
        ),
        described=expand(
            "results/package/{file}",
            file=[
                "README.md",
                "csv-metadata.json",
                "datapackage.json",
                "duckdb.sql",
                "entente.sqlite",
                "metadata.json",
                "queries.sql",
            ],
        ),
    log:
        "results/logs/package.log",
    benchmark:
        "results/logs/benchmark/package.tsv"
    conda:
        "../envs/entente.yaml"
    params:
        interim=lambda _, input: Path(input.resolved[0]).parent,
        tables=lambda _, input: Path(input.tables[0]).parent,
        package=lambda _, output: Path(output.data[0]).parent,
        corpora=FOLDERS,
        citation=lambda _, input: (
            ["--citation", *input.citation] if input.citation else []
        ),
        source=source("entente.package"),
    message:
        "Packaging the data set in results/package/"
    shell:
        "python -m entente.package {params.interim:q} --corpora {params.corpora:q}"
        " --tables {params.tables:q} {params.citation:q} --output {params.package:q} 2> {log:q}"
