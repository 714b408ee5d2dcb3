package io.github.captchacallback.servlet;

/** Says what a proxy does with the header that it forwards the client's address in. */
enum ProxyRole {
    /** Sets it: the outermost, as the document has it. */
    SETS,
    /** Appends to it, and sets the scheme: the only one, as many are configured. */
    APPENDS,
    /** Appends to it, and to the scheme: the second of two, which the outermost connects to by plain HTTP. */
    SECOND
}
