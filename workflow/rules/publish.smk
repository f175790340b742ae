rule publish:
    """Write the figures, and the page that says what each file is."""
    input:
        descriptions=expand("{folder}/corpus.yaml", folder=FOLDERS),
        package=rules.package.output,
        tables=expand("results/tables/{table}.csv", table=TABLES),
        typeset=rules.typeset.output,
    output:
        figures=expand(
            "results/figures/{figure}.{ending}",
            figure=["equity_share", "error_budget"],
            ending=["png", "svg", "pdf", "txt"],
        ),
        page="results/README.md",
    log:
        "results/logs/publish.log",
    params:
        corpora=FOLDERS,
        source=source("entente.publish"),
    message:
        "Publishing results/"
    shell:
        "python -m entente.publish results/package --corpora {params.corpora:q}"
        " --tables results/tables --output results 2> {log:q}"
