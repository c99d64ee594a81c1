from bench import cue_layouts
from bench.lines import filled, greedy, judged, prose, row, texts
from bench.spoken import ours, spoken

SAID = "When the kettle had boiled, we sat down by the window."


def test_text_is_spoken_with_the_pauses_of_its_marks() -> None:
    one, two, three = spoken("well, then go")

    assert two.start_s - one.end_s > three.start_s - two.end_s
    assert [word.text for word in spoken("Well, – then!", punctuated=False)] == ["well", "then"]


def test_ends_of_lines_inside_sentences_are_judged() -> None:
    kept, brim = judged(list(ours(spoken(SAID)))), judged(list(greedy(spoken(SAID))))

    assert (kept.ends, kept.good, kept.hanging) == (1, 1, 0)
    assert (brim.ends, brim.good, brim.hanging) == (1, 0, 1)
    assert row("tea", "in a room", kept)[2:] == ["1", "100 %", "100 %", "0 %", "0 %", "0 %", "0 %"]


def test_a_line_that_is_filled_to_the_brim_leaves_an_orphan() -> None:
    words = spoken("nobody had ever complained about the noises upstairs")

    assert filled(words) == ("nobody had ever complained about the", "noises upstairs")
    assert judged([(words[:7], ("nobody had ever complained about the", "noises"))]).orphans == 1


def test_only_sentences_of_the_documentation_are_spoken() -> None:
    page = "# Tea\n\n- Put the [kettle](a.md) `on`.\n\n| a | b |\n\n```\ncode\n```\n"

    assert prose(page).split() == ["Put", "the", "kettle", "on."]
    assert all(len(text.split()) > 100 for text in texts().values())


def test_the_rivals_rules_fill_lines_and_keep_sentences_whole() -> None:
    words = spoken("When the kettle had boiled, we sat down by the window. Then it rained. Well.")

    (brim,) = cue_layouts.word_by_word([words])
    (whole,) = cue_layouts.by_segment([words])

    assert [cue.lines for cue in brim] == [
        ("When the kettle had boiled, we sat down by", "the window. Then it rained. Well.")
    ]
    assert [cue.lines[0] for cue in whole] == [SAID, "Then it rained.", "Well."]
    counts = cue_layouts.counted([whole])
    assert (counts.cues, counts.short_lines, counts.single, counts.ends) == (3, 2, 1, 2)
    assert counts.good_ends == 2


def test_exported_cues_of_the_demonstration_have_short_lines_and_end_at_clauses() -> None:
    made = cue_layouts.counted(cue_layouts.exported(cue_layouts.demonstration()))

    assert made.short_lines == made.lines
    assert made.two_lines == made.readable == made.cues
    assert made.single == made.lonely == 0
    assert made.good_ends == made.ends
