rule typeset:
    """Typeset the tables for papers and pages, and write the workbook of all."""
    input:
        descriptions=expand("{folder}/corpus.yaml", folder=FOLDERS),
        tables=expand("results/tables/{table}.csv", table=TABLES),
    output:
        tables=expand(
            "results/tables/{table}.{ending}",
            table=TABLES,
            ending=["tex", "md", "html"],
        ),
        document="results/tables/all.tex",
        workbook="results/tables.xlsx",
    log:
        "results/logs/typeset.log",
    params:
        corpora=FOLDERS,
        source=source("entente.typeset"),
    message:
        "Typesetting results/tables/"
    shell:
        "python -m entente.typeset results/tables --corpora {params.corpora:q}"
        " --output {output.workbook:q} 2> {log:q}"
