rule site:
    """Make the site: every number, and every alliance with its evidence, to be read without a network."""
    input:
        descriptions=DESCRIPTIONS,
        documents=expand("results/interim/{part}/documents.jsonl", part=PARTS),
        mentions=expand("results/interim/{part}/mentions.jsonl", part=PARTS),
        claims=expand("results/interim/{part}/claims.jsonl", part=PARTS),
        resolved=rules.resolve.output,
        tables=expand("results/tables/{table}.csv", table=TABLES),
        downloads=[
            *rules.typeset.output,
            *rules.publish.output,
            *rules.package.output.data,
            *rules.package.output.described,
        ],
    output:
        page="results/site/index.html",
        data=directory("results/site/data"),
    log:
        "results/logs/site.log",
    benchmark:
        "results/logs/benchmark/site.tsv"
    conda:
        "../envs/entente.yaml"
    params:
        interim=lambda _, input: Path(input.resolved[0]).parent,
        tables=lambda _, input: Path(input.tables[0]).parent,
        corpora=FOLDERS,
        site=lambda _, output: Path(output.page).parent,
        source=source("entente.site"),
    message:
        "Making results/site/"
    shell:
        "python -m entente.site {params.interim:q} --corpora {params.corpora:q} --tables {params.tables:q}"
        " --downloads {input.downloads:q} {input.tables:q} --output {params.site:q} 2> {log:q}"
