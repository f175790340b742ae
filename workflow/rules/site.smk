rule site:
    """Make the site: every number, and every alliance with its evidence, to be read without a network."""
    input:
        descriptions=expand("{folder}/corpus.yaml", folder=FOLDERS),
        documents=expand("results/interim/{part}/documents.jsonl", part=PARTS),
        mentions=expand("results/interim/{part}/mentions.jsonl", part=PARTS),
        claims=expand("results/interim/{part}/claims.jsonl", part=PARTS),
        resolved=rules.resolve.output,
        tables=expand("results/tables/{table}.csv", table=TABLES),
        # What the page links; the outputs of other rules that publish are to be added here.
        downloads=[*rules.publish.output.data, *rules.publish.output.figures],
    output:
        page="results/site/index.html",
        data=directory("results/site/data"),
    log:
        "results/logs/site.log",
    params:
        corpora=FOLDERS,
        folder=lambda wildcards, output: Path(output.page).parent,
        source=source("entente.site"),
    message:
        "Making results/site/"
    shell:
        "python -m entente.site results/interim --corpora {params.corpora:q} --tables results/tables"
        " --downloads {input.downloads:q} {input.tables:q} --output {params.folder:q} 2> {log:q}"
