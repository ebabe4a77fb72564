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
