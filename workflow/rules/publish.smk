FIGURES = ["equity_share", "error_budget"]


rule publish:
    """Write the figures, and the page that says what each file is."""
    input:
        descriptions=DESCRIPTIONS,
        package=rules.package.output,
        tables=expand("results/tables/{table}.csv", table=TABLES),
        typeset=rules.typeset.output,
    output:
        figures=report(
            expand("results/figures/{figure}.svg", figure=FIGURES),
            caption="../report/figure.rst",
            category="Figures",
        ),
        others=expand(
            "results/figures/{figure}.{ending}",
            figure=FIGURES,
            ending=["png", "pdf", "txt"],
        ),
        page=report(
            "results/README.md", caption="../report/page.rst", category="Results"
        ),
    log:
        "results/logs/publish.log",
    benchmark:
        "results/logs/benchmark/publish.tsv"
    conda:
        "../envs/entente.yaml"
    params:
        tables=lambda _, input: Path(input.tables[0]).parent,
        results=lambda _, output: Path(output.page).parent,
        package=lambda _, input: Path(input.package[0]).parent,
        corpora=FOLDERS,
        source=source("entente.publish"),
    message:
        "Publishing results/"
    shell:
        "python -m entente.publish {params.package:q} --corpora {params.corpora:q}"
        " --tables {params.tables:q} --output {params.results:q} 2> {log:q}"
