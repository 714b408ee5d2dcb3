package io.github.captchacallback.settings;

/** Names the header in which trusted proxies write the hops before them. */
public enum ForwardedHeader {

    /** {@code X-Forwarded-For} with {@code X-Forwarded-Proto}: a custom, not a standard. */
    X_FORWARDED_FOR("X-Forwarded-For"),

    /** {@code Forwarded}, RFC 7239. */
    FORWARDED("Forwarded");

    private final String headerName;

    ForwardedHeader(String headerName) {
        this.headerName = headerName;
    }

    /** Returns the header's name, as the setting has it. */
    public String headerName() {
        return headerName;
    }
}
