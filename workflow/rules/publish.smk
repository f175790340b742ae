FIGURES = ["equity_share", "error_budget"]


rule publish:
    """Write the data set, the figure, and the page that says what each file is."""
    input:
        descriptions=DESCRIPTIONS,
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
        figures=report(
            expand("results/figures/{figure}.svg", figure=FIGURES),
            caption="../report/figure.rst",
            category="Figures",
        ),
        images=expand("results/figures/{figure}.png", figure=FIGURES),
        page=report(
            "results/README.md", caption="../report/page.rst", category="Results"
        ),
    log:
        "results/logs/publish.log",
    conda:
        "../envs/entente.yaml"
    params:
        tables=lambda _, input: Path(input.tables[0]).parent,
        results=lambda _, output: Path(output.page).parent,
        interim=lambda _, input: Path(input.resolved[0]).parent,
        corpora=FOLDERS,
        source=source("entente.publish"),
    message:
        "Publishing results/"
    shell:
        "python -m entente.publish {params.interim:q} --corpora {params.corpora:q}"
        " --tables {params.tables:q} --output {params.results:q} 2> {log:q}"
