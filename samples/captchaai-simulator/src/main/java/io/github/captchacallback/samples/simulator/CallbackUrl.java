package io.github.captchacallback.samples.simulator;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** Holds a callback URL that the simulator may call, and puts parameters into it. */
record CallbackUrl(URI uri) {

    private static final int MAX_LENGTH = 8_192;
    private static final int MAX_PORT = 65_535;
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

    static CallbackUrl parse(String text) throws RefusedException {
        URI uri;
        try {
            uri = new URI(new URI(text).toASCIIString());
        } catch (URISyntaxException e) {
            throw refused("must be a URL, percent-encoded as a parameter");
        }
        if (text.length() > MAX_LENGTH) {
            throw refused("must not have more than " + MAX_LENGTH + " characters");
        }
        if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
            throw refused("must begin with http:// or https://");
        }
        if (uri.getHost() == null || !LOOPBACK.matcher(uri.getHost()).matches()) {
            throw refused("must lead to 127.0.0.0/8, [::1] or localhost: the simulator calls nobody else");
        }
        if (uri.getPort() == 0 || uri.getPort() > MAX_PORT || uri.getUserInfo() != null || uri.getFragment() != null) {
            throw refused("must not have a user, a fragment, or a port outside 1 to " + MAX_PORT);
        }
        return new CallbackUrl(uri);
    }

    private static RefusedException refused(String text) {
        return new RefusedException("ERROR_PINGBACK", "pingback " + text);
    }

    CallbackUrl withFirstParameterOnly() {
        String url = uri.toString();
        int end = url.indexOf('&', Math.max(0, url.indexOf('?')));
        return url.contains("?") && end >= 0 ? new CallbackUrl(URI.create(url.substring(0, end))) : this;
    }

    URI withParameters(String parameters) {
        String query = uri.getRawQuery();
        if (query == null) {
            return glued(parameters);
        }
        return URI.create(uri + (query.isEmpty() || query.endsWith("&") ? "" : "&") + parameters);
    }

    URI glued(String parameters) {
        return URI.create(uri + "?" + parameters);
    }

    /** Returns the host alone, for the rest is secret. */
    @Override
    public String toString() {
        return uri.getScheme() + "://" + uri.getAuthority();
    }
}
