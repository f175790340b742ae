-- Questions to the data set. They run as they stand
--   in SQLite:  sqlite3 entente.sqlite < queries.sql
--   in DuckDB:  duckdb -init duckdb.sql < queries.sql

-- Which share of the alliances is equity, by year, if the unknown ones were none, or all?
SELECT year, alliances, equity, unknown,
       round(1.0 * equity / nullif(alliances - unknown, 0), 4) AS share,
       round(1.0 * equity / alliances, 4) AS share_low_bound,
       round(1.0 * (equity + unknown) / alliances, 4) AS share_high_bound
FROM (
    SELECT year, count(*) AS alliances,
           sum(CASE equity_status WHEN 'equity' THEN 1 ELSE 0 END) AS equity,
           sum(CASE equity_status WHEN 'unknown' THEN 1 ELSE 0 END) AS unknown
    FROM alliances
    WHERE confidence >= 0.3 AND year IS NOT NULL
    GROUP BY year
) AS counted
ORDER BY year;

-- Which alliances does a firm have, under any name that a document gives it?
SELECT DISTINCT a.id, a.year, a.form, a.venture_name, p.name
FROM alliances AS a
JOIN alliance_partners AS p ON p.alliance = a.id
JOIN organisation_names AS n ON n.organisation = p.organisation
WHERE lower(n.name) LIKE '%toyota%' OR n.name LIKE '%トヨタ%'
ORDER BY a.year NULLS LAST, a.id, p.name;

-- In which alliances does one partner hold more than half?
SELECT a.id, a.year, s.holder, s.percent, s.target
FROM stakes AS s
JOIN alliances AS a ON a.id = s.alliance
WHERE s.percent > 50
ORDER BY s.percent DESC, a.id, s.position;

-- What are alliances of each form for?
SELECT a.form, f.function, count(*) AS alliances,
       round(1.0 * count(*) / (SELECT count(*) FROM alliances AS b WHERE b.form = a.form), 4) AS share
FROM alliances AS a
JOIN alliance_functions AS f ON f.alliance = a.id
GROUP BY a.form, f.function
ORDER BY a.form, alliances DESC, f.function;

-- Which alliances are reported in more than one language?
SELECT alliance, count(DISTINCT language) AS languages, count(DISTINCT document) AS documents
FROM mentions
WHERE alliance IS NOT NULL
GROUP BY alliance
HAVING count(DISTINCT language) > 1
ORDER BY languages DESC, documents DESC, alliance;

-- On which sentences does one alliance rest, here the one with the most reports?
SELECT m.id, m.language, m.confidence, d.licence, e.quote, e."start", e."end"
FROM mentions AS m
JOIN mention_evidence AS e ON e.mention = m.id
JOIN documents AS d ON d.id = m.document
WHERE m.alliance = (SELECT id FROM alliances ORDER BY mentions DESC, id LIMIT 1)
ORDER BY m.id, e.position;

-- Who is allied with whom, and how often?
SELECT o.name AS one, p.name AS other, count(*) AS alliances
FROM alliance_partners AS a
JOIN alliance_partners AS b ON b.alliance = a.alliance AND b.organisation > a.organisation
JOIN organisations AS o ON o.id = a.organisation
JOIN organisations AS p ON p.id = b.organisation
GROUP BY o.id, o.name, p.id, p.name
ORDER BY alliances DESC, one, other, o.id, p.id;

-- Which shares of equity do the documents themselves report, and in which words?
SELECT c.id, c.value, c.unit, c.period, c.cited_source, e.quote
FROM claims AS c
JOIN claim_evidence AS e ON e.claim = c.id
WHERE c.measure = 'equity_share'
ORDER BY c.id, e.position;

-- What may be quoted, by the terms of the documents?
SELECT corpus, licence, quotes, count(*) AS documents
FROM documents
GROUP BY corpus, licence, quotes
ORDER BY corpus, licence NULLS LAST, quotes;
