/** Reads values out of parsed JSON, and says where one is not what it should be. */

/** What is wrong with a file, and where in it. */
export class FileFault extends Error {
  override name = "FileFault";
}

/** One value of a JSON file, and the way to it. */
export class Reader {
  constructor(
    private readonly value: unknown,
    /** As `meshes[3].keys`; empty for the file itself. */
    readonly path = "",
  ) {}

  fault(message: string): FileFault {
    return new FileFault(this.path ? `${this.path} ${message}` : message);
  }

  at(key: string): Reader {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) {
      throw this.fault("should be an object");
    }
    const path = this.path ? `${this.path}.${key}` : key;
    return new Reader((this.value as Record<string, unknown>)[key], path);
  }

  keys(): string[] {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) {
      throw this.fault("should be an object");
    }
    return Object.keys(this.value);
  }

  list<T>(read: (item: Reader, index: number) => T): T[] {
    if (!Array.isArray(this.value)) throw this.fault("should be a list");
    return this.value.map((item: unknown, index) =>
      read(new Reader(item, `${this.path}[${index}]`), index),
    );
  }

  text(): string {
    if (typeof this.value !== "string" || this.value === "") throw this.fault("should be a text");
    return this.value;
  }

  flag(): boolean {
    if (typeof this.value !== "boolean") throw this.fault("should be true or false");
    return this.value;
  }

  number(min = -Infinity, max = Infinity): number {
    const value = this.value;
    if (typeof value !== "number" || !Number.isFinite(value))
      throw this.fault("should be a number");
    if (value < min || value > max) throw this.fault(`is ${value}, outside of ${min} to ${max}`);
    return value;
  }

  integer(min: number, max: number): number {
    const value = this.number();
    if (!Number.isInteger(value) || value < min || value > max) {
      const range = max < min ? "there is none to choose" : `a whole number from ${min} to ${max}`;
      throw this.fault(`is ${value}; expected ${range}`);
    }
    return value;
  }

  /** Return a list of finite numbers, of a length if one is given. */
  numbers(length?: number): number[] {
    const value = this.value;
    if (!Array.isArray(value)) throw this.fault("should be a list of numbers");
    if (length !== undefined && value.length !== length) {
      throw this.fault(`holds ${value.length} numbers instead of ${length}`);
    }
    const wrong = value.findIndex((item) => typeof item !== "number" || !Number.isFinite(item));
    if (wrong >= 0) throw this.fault(`holds something else than a number at place ${wrong}`);
    return value as number[];
  }
}
