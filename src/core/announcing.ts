import type { GroupName } from "./names.js";
import { after, milliseconds } from "./time.js";
import { changeGroup, emit, type Turn } from "./turn.js";

/** Tells the neighbours where the addresses of a held group are (gratuitous ARP, unsolicited neighbour advertisement). */

/** Instants of the announcements after an acquisition; then every `announceInterval`. */
const announcementPauses = [20, 80, 200, 500, 1_000, 2_000].map(milliseconds);

/** Announces the group's addresses now, and again and again while they are here. */
export function announceSoon(turn: Turn, name: GroupName): void {
  changeGroup(turn, name, { announcing: { at: turn.at, round: 0 } });
  announceDue(turn);
}

/** A node is back that may have held and announced what is ours, without our knowing: the neighbours hear again where it is. */
export function announceHeld(turn: Turn): void {
  for (const group of turn.state.groups.values())
    if (group.announcing !== undefined) announceSoon(turn, group.settings.name);
}

/** Sends the announcements that are due. */
export function announceDue(turn: Turn): void {
  for (const group of turn.state.groups.values()) {
    const { announcing } = group;
    if (announcing === undefined || turn.at < announcing.at) continue;
    emit(turn, { type: "announceGroup", group: group.settings.name });
    const pause = announcementPauses[announcing.round] ?? turn.state.settings.timing.announceInterval;
    changeGroup(turn, group.settings.name, { announcing: { at: after(turn.at, pause), round: announcing.round + 1 } });
  }
}
