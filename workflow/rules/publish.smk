rule publish:
    """Write the data set, the figure, and the page that says what each file is."""
    input:
        descriptions=expand("{folder}/corpus.yaml", folder=FOLDERS),
        documents=expand("results/interim/{part}/documents.jsonl", part=PARTS),
        rejected=expand("results/interim/{part}/rejected.jsonl", part=PARTS),
        mentions=expand("results/interim/{part}/mentions.jsonl", part=PARTS),
        claims=expand("results/interim/{part}/claims.jsonl", part=PARTS),
        resolved=rules.resolve.output,
        tables=expand("results/tables/{table}.csv", table=TABLES),
    output:
        data=[
            "results/alliances.csv",
            "results/organisations.csv",
            "results/mentions.csv",
            "results/claims.csv",
            "results/documents.csv",
            "results/rejected.csv",
        ],
        figures=expand(
            "results/figures/{figure}.{ending}",
            figure=["equity_share", "error_budget"],
            ending=["png", "svg"],
        ),
        page="results/README.md",
    log:
        "results/logs/publish.log",
    benchmark:
        "results/logs/benchmark/publish.tsv"
    params:
        corpora=FOLDERS,
        source=source("entente.publish"),
    message:
        "Publishing results/"
    shell:
        "python -m entente.publish results/interim --corpora {params.corpora:q}"
        " --tables results/tables --output results 2> {log:q}"
