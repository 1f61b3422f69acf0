/** Names that must not be mixed up, as branded strings; and the numbers that identify work and holdings. */

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Name of a node, lower case, as `uname -n` prints it; also the address or group name of a ping node. */
export type NodeName = Branded<string, "NodeName">;
/** Name of a link: the interface (`ens33`), the tty, or for a ping node its own name. With several media on one interface they share it. */
export type LinkName = Branded<string, "LinkName">;
/** Key of a resource group: the text of its first resource, exactly as haresources has it (resources.md 1). */
export type GroupName = Branded<string, "GroupName">;
/** Number of a piece of work that takes time; an answer that carries an old number is dropped. */
export type OperationId = Branded<number, "OperationId">;
/** Number of a holding; the larger term wins when two nodes claim one group. 0 means "never held". */
export type Term = Branded<number, "Term">;
/** Incarnation of a node's daemon; grows at every start (`hg` on the wire). */
export type Generation = Branded<number, "Generation">;

/** @returns the node name in its one form, lower case (node names compare without regard to case). */
export const nodeName = (text: string): NodeName => text.toLowerCase() as NodeName;
export const linkName = (text: string): LinkName => text as LinkName;
export const groupName = (text: string): GroupName => text as GroupName;
export const operationId = (n: number): OperationId => n as OperationId;
export const term = (n: number): Term => n as Term;
export const generation = (n: number): Generation => n as Generation;
