/** Bytes that may be in memory at a time, shared by whoever takes some. */
export interface ByteBudget {
  /** Takes so many, unless that many are not left. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

export function createByteBudget(total: number): ByteBudget {
  let left = total;
  return {
    take: (bytes) => {
      if (bytes > left) return false;
      left -= bytes;
      return true;
    },
    give: (bytes) => void (left += bytes),
  };
}
