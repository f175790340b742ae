rule estimate:
    """Make one table: a statistic of the alliances, with its n and its interval."""
    input:
        descriptions=DESCRIPTIONS,
        gold=GOLD,
        second=SECOND,
        names=NAMES,
        documents=expand("results/interim/{part}/documents.jsonl", part=PARTS),
        rejected=expand("results/interim/{part}/rejected.jsonl", part=PARTS),
        mentions=expand("results/interim/{part}/mentions.jsonl", part=PARTS),
        claims=expand("results/interim/{part}/claims.jsonl", part=PARTS),
        resolved=rules.resolve.output,
        scores=rules.evaluate.output.scores,
    output:
        table=report(
            "results/tables/{table}.csv",
            caption="../report/table.rst",
            category="Tables",
            labels={"table": "{table}"},
        ),
    log:
        "results/logs/estimate/{table}.log",
    benchmark:
        "results/logs/benchmark/estimate/{table}.tsv"
    conda:
        "../envs/entente.yaml"
    params:
        interim=lambda _, input: Path(input.scores).parent,
        corpora=FOLDERS,
        minimum_confidence=config["minimum_confidence"],
        period_years=config["period_years"],
        level=config["level"],
        source=source("entente.estimate"),
    message:
        "Making table {wildcards.table}"
    shell:
        "python -m entente.estimate {wildcards.table} {params.interim:q} --corpora {params.corpora:q}"
        " --minimum-confidence {params.minimum_confidence} --period-years {params.period_years}"
        " --level {params.level} --output {output.table:q} 2> {log:q}"
