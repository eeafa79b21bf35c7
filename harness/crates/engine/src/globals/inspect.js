// Values for people: what console.log prints for anything that is not a plain primitive. Getters are not called.
(function () {
    "use strict";

    const maxDepth = 2;
    const maxItems = 100;
    const lineWidth = 76;
    const identifier = /^[A-Za-z_$][\w$]*$/;

    const typedArrayTag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

    function quote(text) {
        const escaped = text
            .replace(/[\\\n\r\t\b\f\v\0]/g, (c) => ({ "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", "\v": "\\v", "\0": "\\x00" })[c]);
        if (!text.includes("'"))
            return `'${escaped}'`;
        if (!text.includes('"'))
            return `"${escaped}"`;
        return `'${escaped.replace(/'/g, "\\'")}'`;
    }

    function primitive(value) {
        switch (typeof value) {
        case "string": return quote(value);
        case "bigint": return `${value}n`;
        case "number": return Object.is(value, -0) ? "-0" : String(value);
        default: return String(value);
        }
    }

    function className(value) {
        for (let object = value; object !== null; object = Object.getPrototypeOf(object)) {
            const constructor = Object.getOwnPropertyDescriptor(object, "constructor")?.value;
            if (typeof constructor === "function" && constructor.name)
                return constructor.name;
        }
        return null;
    }

    function functionTitle(value) {
        const kind = /^class[\s{]/.test(Function.prototype.toString.call(value)) ? "class" : className(value) ?? "Function";
        const name = Object.getOwnPropertyDescriptor(value, "name")?.value;
        const shown = typeof name === "string" && name ? name : "(anonymous)";
        return kind === "class" ? `[class ${shown}]` : `[${kind}${shown === "(anonymous)" ? " " : ": "}${shown}]`;
    }

    function keyText(key) {
        if (typeof key === "symbol")
            return `[${String(key)}]`;
        return identifier.test(key) ? key : quote(key);
    }

    // What cannot be looked at (a revoked proxy, a prototype that passes for a Map) spoils no more than its own place.
    function inspect(value, path) {
        try {
            return describe(value, path);
        } catch {
            return "[cannot be shown]";
        }
    }

    function describe(value, path) {
        if (value === null || (typeof value !== "object" && typeof value !== "function"))
            return primitive(value);
        if (path.includes(value))
            return "[Circular]";

        const name = className(value);
        const isArray = Array.isArray(value);
        const inner = path.concat([value]);
        const show = (item) => inspect(item, inner);
        let title = null;
        let open = "{";
        let close = "}";
        const items = [];
        let skip = () => false;

        const tag = Object.getOwnPropertyDescriptor(value, Symbol.toStringTag)?.value;
        if (typeof value === "function")
            title = functionTitle(value);
        else if (value instanceof Error)
            title = errorTitle(value);
        else if (value instanceof Date)
            title = Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
        else if (value instanceof RegExp)
            title = String(value);
        else if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef)
            title = `${name} { }`;
        else if (value instanceof String || value instanceof Number || value instanceof Boolean)
            title = `[${name}: ${primitive(value.valueOf())}]`;
        else if (name === null)
            title = tag === "Module" ? "[Module: null prototype] " : "[Object: null prototype] ";
        else if (name !== "Object" && !isArray)
            title = `${name} `;

        const listed = isArray || typedArrayTag.call(value) !== undefined;
        const isCollection = value instanceof Map || value instanceof Set;
        if (path.length > maxDepth && (listed || isCollection || Reflect.ownKeys(value).length) && !(title && !title.endsWith(" ")))
            return `[${name ?? "Object"}]`;

        if (listed) {
            open = "[";
            close = "]";
            if (!isArray)
                title = `${name}(${value.length}) `;
            skip = isIndexOrLength;
            let holes = 0;
            const flush = () => {
                if (holes)
                    items.push(`<${holes} empty item${holes > 1 ? "s" : ""}>`);
                holes = 0;
            };
            const length = Math.min(value.length, maxItems);
            for (let i = 0; i < length; ++i) {
                const descriptor = Object.getOwnPropertyDescriptor(value, i);
                if (!descriptor) {
                    ++holes;
                    continue;
                }
                flush();
                items.push(descriptor.get || descriptor.set ? "[Getter/Setter]" : show(descriptor.value));
            }
            flush();
            if (value.length > length)
                items.push(`... ${value.length - length} more item${value.length - length > 1 ? "s" : ""}`);
        } else if (value instanceof Map) {
            title = `${name}(${value.size}) `;
            for (const [key, item] of value)
                items.push(`${show(key)} => ${show(item)}`);
        } else if (value instanceof Set) {
            title = `${name}(${value.size}) `;
            for (const item of value)
                items.push(show(item));
        } else if (value instanceof String)
            skip = isIndexOrLength;
        else if (value instanceof Error)
            skip = (key) => ["stack", "line", "column", "sourceURL", "message"].includes(key);

        for (const key of Reflect.ownKeys(value)) {
            if (skip(key))
                continue;
            let descriptor;
            try {
                descriptor = Object.getOwnPropertyDescriptor(value, key);
            } catch (error) {
                // An export that is not initialized yet.
                if (tag !== "Module")
                    throw error;
                items.push(`${keyText(key)}: <uninitialized>`);
                continue;
            }
            if (!descriptor?.enumerable)
                continue;
            items.push(`${keyText(key)}: ${propertyText(descriptor, show)}`);
        }

        if (title !== null && !title.endsWith(" "))
            return items.length ? `${title} ${enclose("{", items, "}")}` : title;
        return `${title ?? ""}${enclose(open, items, close)}`;
    }

    function isIndexOrLength(key) {
        return typeof key === "string" && (key === "length" || String(key >>> 0) === key);
    }

    function propertyText(descriptor, show) {
        if (descriptor.get && descriptor.set)
            return "[Getter/Setter]";
        if (descriptor.get)
            return "[Getter]";
        if (descriptor.set)
            return "[Setter]";
        return show(descriptor.value);
    }

    function errorTitle(error) {
        const head = String(error);
        const stack = Object.getOwnPropertyDescriptor(error, "stack")?.value;
        if (typeof stack !== "string" || !stack)
            return `[${head}]`;
        const frames = stack.split("\n").map((line) => {
            // A function's name may contain an "@", and so may the path of a file.
            const file = line.indexOf("@file://");
            const at = file < 0 ? line.indexOf("@") : file;
            const [name, position] = at < 0 ? ["", line] : [line.slice(0, at), line.slice(at + 1)];
            return name && position ? `    at ${name} (${position})` : `    at ${name || position}`;
        });
        return [head, ...frames].join("\n");
    }

    function enclose(open, items, close) {
        if (!items.length)
            return open + close;
        const line = `${open} ${items.join(", ")} ${close}`;
        if (line.length <= lineWidth && !line.includes("\n"))
            return line;
        return `${open}\n${items.map((item) => `  ${item.replace(/\n/g, "\n  ")}`).join(",\n")}\n${close}`;
    }

    function top(value) {
        return typeof value === "string" ? value : inspect(value, []);
    }

    // console.log("%s is %d", ...): Console Standard, 2.2 Formatter.
    function substitute(text, values) {
        let used = 0;
        const line = text.replace(/%[sdifjoOc%]/g, (directive) => {
            if (directive === "%%")
                return "%";
            if (used >= values.length)
                return directive;
            const value = values[used++];
            switch (directive) {
            case "%s": return typeof value === "object" && value !== null ? inspect(value, []) : String(value);
            case "%d": return typeof value === "symbol" ? "NaN" : String(Number(value));
            case "%i": return typeof value === "symbol" ? "NaN" : String(parseInt(value, 10));
            case "%f": return typeof value === "symbol" ? "NaN" : String(parseFloat(value));
            case "%j": return JSON.stringify(value);
            case "%c": return "";
            default: return inspect(value, []);
            }
        });
        return [line, ...values.slice(used).map(top)].join(" ");
    }

    return function format(...values) {
        if (typeof values[0] === "string" && values.length > 1 && values[0].includes("%"))
            return substitute(values[0], values.slice(1));
        return values.map(top).join(" ");
    };
})()
