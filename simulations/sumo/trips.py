"""SUMO's own figures of all trips of a run."""
import xml.etree.ElementTree as ET


def summary(path):
    """Figures from a trip file that holds unfinished and never inserted vehicles too.

    delay_s = [sum over inserted vehicles of time loss + depart delay, and over those never inserted of the
    time they have been due] / all vehicles due. Nobody gains by keeping vehicles out.
    """
    inserted, out = [], []
    for trip in ET.parse(path).getroot().iter("tripinfo"):
        values = {k: float(trip.get(k)) for k in ("depart", "arrival", "timeLoss", "departDelay", "waitingTime")}
        values["stops"] = int(trip.get("waitingCount"))
        (inserted if values["depart"] >= 0 else out).append(values)
    delays = sorted([t["timeLoss"] + t["departDelay"] for t in inserted] + [t["departDelay"] for t in out])
    mean = lambda values: round(sum(values) / len(values), 4) if values else None
    return {
        "vehicles": len(delays), "inserted": len(inserted), "never_inserted": len(out),
        "completed": sum(t["arrival"] >= 0 for t in inserted),
        "delay_s": mean(delays),
        "delay_p95_s": round(delays[min(len(delays) - 1, int(0.95 * len(delays)))], 2) if delays else None,
        "time_loss_s": mean([t["timeLoss"] for t in inserted]),
        "depart_delay_s": mean([t["departDelay"] for t in inserted]),
        "waiting_s": mean([t["waitingTime"] for t in inserted]),
        "stops": mean([t["stops"] for t in inserted]),
    }


def last_arrival(path, begin):
    """When the last vehicle of a trip file arrived, s; `begin` if none did."""
    return max([begin, *(float(trip.get("arrival")) for trip in ET.parse(path).getroot().iter("tripinfo"))])
