"""The settings of every cohort, by table."""

from histories import Cell

CELLS = (
    *(Cell(f"front {e:.0%}", error=e) for e in (0.03, 0.05, 0.10, 0.15, 0.20)),
    *(Cell(f"crown {e:.0%}", error=e, place="crown") for e in (0.03, 0.05, 0.10, 0.15, 0.20)),
    *(Cell(f"donor {e:.0%}", error=e, place="donor") for e in (0.03, 0.05, 0.10, 0.15, 0.20)),
    *(Cell(f"front {e:.0%}, planted unknown", error=e, planted_known=False) for e in (0.05, 0.10, 0.20)),
    *(Cell(f"crown {e:.0%}, planted unknown", error=e, place="crown", planted_known=False) for e in (0.10, 0.20)),
    *(Cell(f"front {e:.0%}, quarterly", error=e, plan="quarterly") for e in (0.10, 0.20)),
    *(Cell(f"{p} 10%, quarterly", plan="quarterly", place=p) for p in ("crown", "donor")),
    *(Cell(f"front {e:.0%}, three photos", error=e, plan="three") for e in (0.10, 0.20)),
    *(Cell(f"{p} 10%, three photos", plan="three", place=p) for p in ("crown", "donor")),
    *(Cell(f"front {e:.0%} told as {0.7 * e:.0%}", error=e, claimed=0.7 * e) for e in (0.10, 0.20)),
    *(Cell(f"{p} 10% told as 7%", claimed=0.07, place=p) for p in ("crown", "donor")),
    Cell("front 10%, references", references=True),
    Cell("front 10%, minoxidil", minoxidil=True),
    Cell("front 12%, coverage, references", error=0.12, coverage=True, references=True, planted_known=False),
    Cell("front 12%, coverage alone", error=0.12, coverage=True, planted_known=False),
    Cell("front 10%, poor 2%", poor_share=0.02),
    Cell("front 10%, poor 20%", poor_share=0.20),
)
"""Cohorts as they come: 8 % poor growth unless said, photos monthly, planted count on record."""

FINDS = (
    (Cell("survival < .35, front 5%", error=0.05, survival_between=(0.03, 0.35)), 15, 0.97),
    (Cell("survival < .35, front 10%", error=0.10, survival_between=(0.03, 0.35)), 15, 0.92),
    (Cell("survival < .35, front 15%", error=0.15, survival_between=(0.03, 0.35)), 15, 0.85),
    (Cell("survival < .50, front 5%", error=0.05, survival_between=(0.03, 0.50)), 15, 0.88),
    (Cell("survival < .50, front 10%", error=0.10, survival_between=(0.03, 0.50)), 15, 0.70),
    (Cell("survival .4, front 10%", survival=0.4), 18, 0.80),
    (Cell("survival .5, front 10%", survival=0.5), 18, 0.60),
    (Cell("survival .4, crown 10%", survival=0.4, place="crown"), 18, 0.65),
    (Cell("survival .4, front 10%, minoxidil", survival=0.4, minoxidil=True), 18, 0.55),
    (Cell("survival .4, front 10%, planted unknown", survival=0.4, planted_known=False), 18, 0.60),
    (
        Cell("survival < .35, coverage 12%, references", error=0.12, coverage=True, references=True,
             planted_known=False, survival_between=(0.03, 0.35)), 18, 0.70,
    ),
    (
        Cell("survival < .35, coverage 12%, alone", error=0.12, coverage=True, planted_known=False,
             survival_between=(0.03, 0.35)), 18, 0.70,
    ),
    (Cell("survival < .35, front 10%, reference", survival_between=(0.03, 0.35), references=True), 15, 0.92),
    (Cell("survival .4, front 10%, reference", survival=0.4, references=True), 18, 0.80),
    (Cell("survival .5, front 10%, reference", survival=0.5, references=True), 18, 0.60),
    (Cell("over-extracted donor 10%", place="donor", poor_share=1.0), 12, None),
    (Cell("over-extracted donor 20%", place="donor", poor_share=1.0, error=0.20), 12, None),
)  # fmt: skip
"""Failures to be found: cohort, month, and the share that is to be reached by then."""

TRAP_NAMES = (
    "very_late", "delayed", "all_follow_ups_wet", "inflated_baseline", "drifting_light", "fast_native_loss",
    "crown_clock", "dyed_or_cut", "wet_at_12",
)  # fmt: skip
TRAPS = tuple(
    Cell(
        f"{trap.replace('_', ' ')}, {'with' if references else 'no'} reference",
        trap=trap,
        references=references,
        place="crown" if trap == "crown_clock" else "front",
        survival_between=(0.80, 0.98),
    )
    for trap in TRAP_NAMES
    for references in (True, False)
)
"""Good grafts (survival .80 to .98), photo error 10 %, and one thing at full strength that looks like failure."""

USUAL_NAMES = ("native_loss", "shock_loss", "effluvium", "effluvium_at_decision", "season", "one_wet_photo")
USUAL = (
    *(
        Cell(f"{name.replace('_', ' ')}, {'with' if references else 'no'} reference", trap=name,
             references=references, survival_between=(0.80, 0.98))
        for name in USUAL_NAMES
        for references in (True, False)
    ),
    Cell("donor effluvium", trap="donor_effluvium", place="donor", poor_share=0.0),
)  # fmt: skip
"""The same at the strength at which it usually comes."""

CALIBRATED = ("front 5%", "front 10%", "front 20%", "crown 10%", "front 10%, planted unknown")
TRADED = ("front 5%", "front 10%", "front 20%")
EIGHT_PHOTOS = ("front 3%", "front 5%", "front 10%", "crown 3%", "crown 5%", "crown 10%")
