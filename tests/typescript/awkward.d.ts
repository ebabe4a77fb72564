/** A value of the event or of an earlier action's output: `!ref($.event.data.name)`, `!ref($.state.1.text)`. */
export type Ref = `!ref(${string})`;

/** What a document may write where a `T` is taken: the value or a ref, at any depth. Texts may contain refs. */
export type OrRef<T> = T extends undefined
  ? T
  :
      | Ref
      | (T extends (infer E)[]
          ? number extends T["length"]
            ? OrRef<E>[]
            : { [K in keyof T]: OrRef<T[K]> }
          : T extends object
            ? { [K in keyof T]: OrRef<T[K]> }
            : T);

/** What a document may write for an action's inputs: those that may be left out may be null. */
export type Written<T> = {
  [K in keyof T]: OrRef<T[K]> | ({} extends Pick<T, K> ? null : never);
};

/** A workflow: actions, and the edges between them. */
export interface Workflow {
  name?: string;
  description?: string;
  metadata?: {
    flowright?: {
      /** By action id, pointers to the inputs that are checked only when the workflow runs: `["/to"]`. */
      leave?: { [actionId: string]: string[] };
      [key: string]: unknown;
    };
    [key: string]: unknown;
  };
  actions: WorkflowAction[];
  edges: WorkflowEdge[];
}

/** What every action of a workflow has. */
export interface WorkflowActionBase {
  /** What edges and refs call the action. */
  id: string;
  name?: string;
  description?: string;
}

/** The way from one action to another. */
export interface WorkflowEdge {
  /** An action's id, or `$source`: the start. */
  from: "$source" | (string & {});
  /** An action's id. */
  to: string;
  name?: string;
  /** Without a condition the edge is always taken. */
  conditional?: WorkflowCondition;
}

/** When an edge is taken. `$.output` is the output of the action that the edge comes from. */
export type WorkflowCondition =
  | { type: "if" | "else"; ref: Ref }
  | { type: "match"; ref: Ref; value: unknown };

/** An action of a workflow, by its kind. */
export type WorkflowAction =
  | BuiltinIfAction
  | NothingAction
  | ChoosePlanAction
  | RouteAction
  | IntegersAction
  | TreeAction
  | LabelsAction
  | ContactAction
  | ScheduleAction
  | WeighAction
  | WeirdKindWithAllSignsAction
  | GrüßeAction
  | SecretCallAction
  | OldWaysAction
  | OlderWaysAction;

/** What each kind of action takes. */
export interface ActionInputs {
  /** Branch on a condition. */
  "builtin:if": BuiltinIfInputs;
  /**
   * Do nothing.
   *
   * Takes no inputs at all.
   */
  nothing: NothingInputs;
  /** Choose a plan. */
  choose_plan: ChoosePlanInputs;
  /** Route a message. */
  route: RouteInputs;
  /** Take integers of all widths. */
  integers: IntegersInputs;
  /** Count the nodes of a tree. */
  tree: TreeInputs;
  /** Put labels on something. */
  labels: LabelsInputs;
  /** Contact somebody. */
  contact: ContactInputs;
  /** Schedule something. */
  schedule: ScheduleInputs;
  /** Weigh something. */
  weigh: WeighInputs;
  /** Go one way or the other. */
  "weird/kind:with.all-signs": WeirdKindWithAllSignsInputs;
  /** Grüße jemanden 👋. */
  grüße: GrüßeInputs;
  /** Call something with a secret. */
  secret_call: SecretCallInputs;
  /**
   * Do it the old way.
   *
   * @deprecated use `nothing`
   */
  old_ways: OldWaysInputs;
  /**
   * Do it the old way.
   *
   * @deprecated write `old_ways`
   */
  older_ways: OldWaysInputs;
}

/** What each kind of action gives. */
export interface ActionOutputs {
  /** Branch on a condition. */
  "builtin:if": BuiltinIfOutput;
  /**
   * Do nothing.
   *
   * Takes no inputs at all.
   */
  nothing: NothingOutput;
  /** Choose a plan. */
  choose_plan: ChoosePlanOutput;
  /** Route a message. */
  route: RouteOutput;
  /** Take integers of all widths. */
  integers: IntegersOutput;
  /** Count the nodes of a tree. */
  tree: TreeOutput;
  /** Put labels on something. */
  labels: LabelsOutput;
  /** Contact somebody. */
  contact: ContactOutput;
  /** Schedule something. */
  schedule: ScheduleOutput;
  /** Weigh something. */
  weigh: WeighOutput;
  /** Go one way or the other. */
  "weird/kind:with.all-signs": WeirdKindWithAllSignsOutput;
  /** Grüße jemanden 👋. */
  grüße: GrüßeOutput;
  /** Call something with a secret. */
  secret_call: SecretCallOutput;
  /**
   * Do it the old way.
   *
   * @deprecated use `nothing`
   */
  old_ways: OldWaysOutput;
  /**
   * Do it the old way.
   *
   * @deprecated write `old_ways`
   */
  older_ways: OldWaysOutput;
}

/** What may start a workflow: `$.event`, by its name. */
export interface Events {
  "user.signed_up": UserSignedUpEvent;
  "order.placed": OrderPlacedEvent;
}

export interface BuiltinIfInputs {
  /** A JsonLogic rule, `true` or `false`, or a ref to a boolean. */
  condition: unknown;
}

/** Branch on a condition. */
export interface BuiltinIfAction extends WorkflowActionBase {
  kind: "builtin:if";
  inputs: Written<BuiltinIfInputs>;
}

export interface BuiltinIfOutput {
  /** Whether the condition holds. */
  result: boolean;
}

export type NothingInputs = { [key: string]: never };

/**
 * Do nothing.
 *
 * Takes no inputs at all.
 */
export interface NothingAction extends WorkflowActionBase {
  kind: "nothing";
  inputs?: NothingInputs;
}

export type NothingOutput = null;

export interface ChoosePlanInputs {
  /**
   * The plan.
   *
   * @default "free"
   */
  plan?: Plan;
  /**
   * How many people.
   *
   * @minimum 1
   * @maximum 500
   * @multipleOf 1
   */
  seats?: number | null;
}

/** Choose a plan. */
export interface ChoosePlanAction extends WorkflowActionBase {
  kind: "choose_plan";
  inputs?: Written<ChoosePlanInputs>;
}

export type ChoosePlanOutput = Chosen;

export interface RouteInputs {
  /** Where the message goes. */
  channel: Channel;
  /** Which message it is. */
  key: Key;
  /**
   * What the message says.
   *
   * @maxLength 2000
   */
  text: string;
}

/** Route a message. */
export interface RouteAction extends WorkflowActionBase {
  kind: "route";
  inputs: Written<RouteInputs>;
}

export type RouteOutput = ChannelOutput;

export interface IntegersInputs {
  /**
   * @minimum 0
   * @maximum 255
   */
  a: number;
  /**
   * @minimum -128
   * @maximum 127
   */
  b: number;
  /**
   * @minimum 0
   * @maximum 65535
   */
  c: number;
  /**
   * @minimum -32768
   * @maximum 32767
   */
  d: number;
  /** @minimum 0 */
  e: number;
  f: number;
  /** @minimum 0 */
  g: number;
  h: number;
  /** @minimum 0 */
  i: number;
  j?: number | null;
}

/** Take integers of all widths. */
export interface IntegersAction extends WorkflowActionBase {
  kind: "integers";
  inputs: Written<IntegersInputs>;
}

export type IntegersOutput = number;

export interface TreeInputs {
  /** Its uppermost node. */
  root: Node;
  /** A second one. */
  other?: Node | null;
}

/** Count the nodes of a tree. */
export interface TreeAction extends WorkflowActionBase {
  kind: "tree";
  inputs: Written<TreeInputs>;
}

export type TreeOutput = Counted;

export interface LabelsInputs {
  /** Texts by name. */
  labels: { [key: string]: string };
  /** Numbers by name, in lists. */
  scores?: { [key: string]: number[] } | null;
  /** Whatever there is to say. */
  extra?: unknown;
}

/** Put labels on something. */
export interface LabelsAction extends WorkflowActionBase {
  kind: "labels";
  inputs: Written<LabelsInputs>;
}

export type LabelsOutput = { [key: string]: string };

export interface ContactInputs {
  /**
   * Who it is.
   *
   * @minLength 1
   * @maxLength 80
   */
  name: string;
  /** At home. */
  address?: Address | null;
  /** By mail. */
  email: string;
  /** On the net. */
  homepage?: string | null;
  /**
   * Their code.
   *
   * @pattern ^[A-Z]{2}[0-9]+$
   */
  code?: string | null;
}

/** Contact somebody. */
export interface ContactAction extends WorkflowActionBase {
  kind: "contact";
  inputs: Written<ContactInputs>;
}

export type ContactOutput = string;

export interface ScheduleInputs {
  /**
   * When.
   *
   * @format date-time
   */
  at: string;
  /**
   * Who is told, by mail.
   *
   * @format email
   */
  to?: string | null;
  /** The days and hours: from, to. */
  window?: [number, number] | null;
  /**
   * On which days.
   *
   * @minItems 1
   */
  days?: Day[] | null;
}

/** Schedule something. */
export interface ScheduleAction extends WorkflowActionBase {
  kind: "schedule";
  inputs: Written<ScheduleInputs>;
}

export type ScheduleOutput = Scheduled;

export interface WeighInputs {
  /**
   * In kilograms.
   *
   * @minimum 0
   */
  weight: number;
  /** Whether it may be rounded. */
  round: boolean;
  /** Several weights. */
  others?: (number | null)[] | null;
}

/** Weigh something. */
export interface WeighAction extends WorkflowActionBase {
  kind: "weigh";
  inputs: Written<WeighInputs>;
}

export type WeighOutput = number;

export interface WeirdKindWithAllSignsInputs {
  /** A "title" with <b>tags</b> & more. */
  "weird-name": string;
  /** The same name with a space. */
  "two words"?: string | null;
  /** A name that JavaScript has. */
  constructor?: boolean | Object["constructor"] | null;
}

/** Go one way or the other. */
export interface WeirdKindWithAllSignsAction extends WorkflowActionBase {
  kind: "weird/kind:with.all-signs";
  inputs: Written<WeirdKindWithAllSignsInputs>;
}

export type WeirdKindWithAllSignsOutput = string | null;

export interface GrüßeInputs {
  /** Wen? */
  名前: string;
  /**
   * Wie oft?
   *
   * @default 1
   * @minimum 1
   * @maximum 3
   */
  wie_oft?: number;
}

/** Grüße jemanden 👋. */
export interface GrüßeAction extends WorkflowActionBase {
  kind: "grüße";
  inputs: Written<GrüßeInputs>;
}

export type GrüßeOutput = string[];

export interface SecretCallInputs {
  /** What opens the door. */
  token: string;
  /**
   * Where the door is.
   *
   * @format uri
   */
  url: string;
}

/** Call something with a secret. */
export interface SecretCallAction extends WorkflowActionBase {
  kind: "secret_call";
  inputs: Written<SecretCallInputs>;
}

export type SecretCallOutput = boolean;

export interface OldWaysInputs {
  /** What is done. */
  what: string;
  /**
   * How it was done.
   *
   * @deprecated
   */
  how?: string | null;
}

/** The inputs under the names that documents may use. */
export type OldWaysWrittenInputs =
  & {
      /**
       * How it was done.
       *
       * @deprecated
       */
      how?: string | null;
    }
  & (
      | {
          /** What is done. */
          what: string;
          thing?: never;
        }
      | {
          what?: never;
          /**
           * What is done.
           *
           * @deprecated write `what`
           */
          thing: string;
        });

/**
 * Do it the old way.
 *
 * @deprecated use `nothing`
 */
export interface OldWaysAction extends WorkflowActionBase {
  kind: "old_ways";
  inputs: Written<OldWaysWrittenInputs>;
}

/**
 * Do it the old way.
 *
 * @deprecated write `old_ways`
 */
export interface OlderWaysAction extends WorkflowActionBase {
  kind: "older_ways";
  inputs: Written<OldWaysWrittenInputs>;
}

export type OldWaysOutput = string;

export interface UserSignedUpEvent {
  data: SignedUp;
  name: "user.signed_up";
  [key: string]: unknown;
}

export interface OrderPlacedEvent {
  data: {
    coupon?: string | null;
    /** @minItems 1 */
    lines: string[];
    /** @minimum 0 */
    total: number;
  };
  name: "order.placed";
  [key: string]: unknown;
}

/** What is paid. */
export type Plan = "free" | "team" | "enterprise";

/** What was chosen. */
export interface Chosen {
  paid: boolean;
  plan: Plan;
  /** @minimum 0 */
  seats: number;
}

/** A way to tell somebody something. */
export type Channel =
  | {
      kind: "text_message";
      /** The number to write to. */
      number: string;
    }
  | ({ kind: "mail" } & Address)
  | { kind: "none" };

/** A text or a number. */
export type Key = number | string;

/** A place. */
export interface Address {
  /** Where that is. */
  city?: string | null;
  /** Street and number. */
  street: string;
}

/** A way to tell somebody something. */
export type ChannelOutput =
  | {
      kind: "text_message";
      /** The number to write to. */
      number: string;
    }
  | ({ kind: "mail" } & AddressOutput)
  | { kind: "none" };

/** A place. */
export interface AddressOutput {
  /** Where that is. */
  city: string | null;
  /** Street and number. */
  street: string;
}

/** A node of a tree. */
export interface Node {
  /**
   * What is below it.
   *
   * @default []
   */
  children?: Node[];
  /** What the node says. */
  label: string;
  /** What comes after it. */
  next?: Node | null;
}

/** A tree, counted. */
export interface Counted {
  /** @minimum 0 */
  nodes: number;
  root: NodeOutput;
}

/** A node of a tree. */
export interface NodeOutput {
  /**
   * What is below it.
   *
   * @default []
   */
  children: NodeOutput[];
  /** What the node says. */
  label: string;
  /** What comes after it. */
  next: NodeOutput | null;
}

/** A day. */
export type Day = "Monday" | "Friday" | "Sunday";

/** What was scheduled. */
export interface Scheduled {
  at: string;
  /** @minimum 0 */
  days: number;
  /** @minItems 2 */
  hours: [number, number] | null;
  told: string | null;
}

/** Somebody signed up. */
export interface SignedUp {
  /**
   * In years, where it was said.
   *
   * @minimum 0
   * @maximum 255
   */
  age?: number | null;
  /** Where to write to. */
  email: string;
  /** Who. */
  name: string;
  /** What was chosen. */
  plan: Plan;
}
