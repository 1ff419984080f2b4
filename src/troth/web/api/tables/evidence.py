"""Evidence: proofs, and numbers about groups."""

from __future__ import annotations

from troth.policy.model import Counter, Purpose, Right
from troth.web.api import figures, insight, proofs, samples, studies, trends
from troth.web.api.choices import about
from troth.web.api.door import Operation, Query
from troth.web.api.tables.words import ALL, DATA, FIELD, JOB, KEYS, PARTY, PERSON, PURPOSE, STAFF
from troth.web.api.wire import insight as wi
from troth.web.api.wire import proofs as we
from troth.web.api.wire import samples as ws

PROOFS = (
    Operation("GET", "/evidence/checkpoint", proofs.checkpoint, "the signed head", ALL, we.CheckpointOut),
    Operation(
        "GET", "/evidence/proof", proofs.proof, "proof that an entry stands", ALL, we.EvidenceOut,
        query=(Query("leaf", "the entry's number", True, 15),),
    ),
    Operation(
        "GET", "/evidence/consistency", proofs.consistency, "proof that the evidence only grew", ALL,
        we.EvidenceOut, query=(Query("first", "the earlier number of entries", True, 15),),
    ),
    Operation(
        "GET", "/evidence/verify", proofs.verify, "check the whole evidence", STAFF | JOB, we.VerifiedOut,
    ),
    Operation(
        "GET", "/evidence/entries", proofs.entries, "the entries, without a value of a person", STAFF,
        we.EntriesOut, query=(Query("start", "the first entry's number", False, 15),),
    ),
    Operation("GET", "/counters/{counter}", proofs.counts, "what was counted", KEYS, we.CountsOut),
    Operation(
        "POST", "/counters/{counter}", proofs.count, "count one, of what no service counts", JOB,
        we.CountsOut, we.CountIn, by=about(Counter),
    ),
    Operation(
        "POST", "/decide", proofs.decide, "what the document answers for a person as assumed", ALL,
        we.DecisionOut, we.DecideIn,
    ),
    Operation(
        "POST", "/explain", proofs.explain, "why a touch is refused now, and what would allow it", STAFF,
        we.DecisionOut, we.ExplainIn, by=about(Right, "access"),
    ),
)  # fmt: skip  # fmt: skip

INSIGHT = (
    Operation(
        "GET", "/insight", insight.own_markets, "the markets that are your own", PARTY, wi.MarketsOut,
        by=insight.insight_clauses,
    ),
    Operation(
        "GET", "/insight/{market}", insight.market, "a market's numbers, no group too small", PARTY,
        wi.InsightOut, by=insight.insight_clauses,
    ),
)  # fmt: skip  # fmt: skip

FIGURES = (
    Operation("GET", "/figures", figures.figures, "how many people, and which share, behind each value", KEYS,
        figures.FiguresOut, by=about(Purpose),
        query=(Query("data", DATA.says, True), Query("field", FIELD.says, True), PURPOSE,
            Query("where", "only records with these values: field=value, field=value", many=400),
            Query("month", "only records that came in then, as 2025-03"),
            Query("ever", "yes: whoever ever had a value; else the newest record alone counts"),
            Query("value", "only this value"))),
    Operation("GET", "/reports", studies.report, "sums about your own people", PARTY, studies.ReportOut,
        by=studies.study_clauses, query=(Query("data", DATA.says, True), PURPOSE,
            Query("member", "whose report; your own"))),
    Operation("POST", "/needs", studies.note_need, "write down what suits an organisation", JOB,
        studies.NeedOut, studies.NeedIn, status=201, by=studies.study_clauses),
    Operation("GET", "/needs", studies.needs, "what suits which organisation", JOB | STAFF, studies.NeedsOut,
        by=studies.study_clauses),
    Operation("POST", "/trainings", studies.train, "the rows of a model's training, and its entry", JOB,
        studies.TrainedOut, studies.TrainIn, status=201, by=studies.study_clauses),
    Operation("GET", "/trends", trends.trend, "how many people, week by week", KEYS, trends.TrendOut,
        by=about(Purpose),
        query=(Query("data", DATA.says, True), PURPOSE, Query("weeks", "how many whole weeks back"))),
)  # fmt: skip  # fmt: skip

SAMPLES = (
    Operation("GET", "/samples", samples.samples, "samples of conversations, which are nobody's", STAFF,
        ws.SamplesOut, query=(PURPOSE, Query("made", "real or synthetic")), by=samples.sample_clauses),
    Operation("GET", "/samples/draws", samples.draws, "the draws there were", STAFF, ws.DrawsOut,
        by=samples.sample_clauses),
    Operation("POST", "/samples/draws", samples.draw, "draw a sample by a seed", STAFF, ws.DrawOut, ws.DrawIn,
        status=201, by=samples.sample_clauses),
    Operation("GET", "/samples/draws/{rid}", samples.redraw, "an earlier draw, drawn again by its seed",
        STAFF, ws.DrawOut, by=samples.sample_clauses),
    Operation("POST", "/samples/made", samples.made, "make conversations up", STAFF, ws.MadeOut, ws.MadeIn,
        status=201, by=samples.sample_clauses),
    Operation("GET", "/samples/quality", samples.quality, "what the marks add up to, over everybody",
        PERSON | STAFF, ws.QualitiesOut, by=samples.sample_clauses),
    Operation("GET", "/samples/{sample}", samples.sample, "one sample", STAFF, ws.SampleOut,
        by=samples.sample_clauses),
    Operation("POST", "/samples/{sample}/marks", samples.mark, "say what you think of a sample", STAFF,
        ws.SampleOut, ws.MarkIn, status=201, by=samples.sample_clauses),
    Operation("POST", "/samples/{sample}/tasks", samples.task, "ask for an improvement it calls for", STAFF,
        ws.SampleOut, ws.TaskIn, status=201, by=samples.sample_clauses),
)  # fmt: skip  # fmt: skip
