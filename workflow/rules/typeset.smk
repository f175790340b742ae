rule typeset:
    """Typeset the tables for papers and pages, and write the workbook of all."""
    input:
        descriptions=DESCRIPTIONS,
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
    benchmark:
        "results/logs/benchmark/typeset.tsv"
    conda:
        "../envs/entente.yaml"
    params:
        tables=lambda _, input: Path(input.tables[0]).parent,
        corpora=FOLDERS,
        source=source("entente.typeset"),
    message:
        "Typesetting results/tables/"
    shell:
        "python -m entente.typeset {params.tables:q} --corpora {params.corpora:q}"
        " --output {output.workbook:q} 2> {log:q}"
