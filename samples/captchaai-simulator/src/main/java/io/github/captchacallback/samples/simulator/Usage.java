package io.github.captchacallback.samples.simulator;

import java.net.URI;

/** Tells whoever started the simulator from a terminal how to talk to it. */
final class Usage {

    private static final String TEXT = """
            CAPTCHA service simulator at %1$s (loopback only, stop it with Ctrl+C)

              submit   curl %1$s/in.php -d key=any -d json=1 \\
                         --data-urlencode 'pingback=http://localhost:8080/captcha/callback?token=…'
              poll     curl '%1$s/res.php?key=any&action=get&id=<id>'

            Parameters of in.php that steer it, the default first:

              sim_deliver   normal | never | twice | early | glued | first-param
              sim_method    get | post
              sim_outcome   solved | unsolvable
              sim_delay     500      milliseconds, up to 600000
              sim_code      random   the code to deliver

            Every delivery is printed below.
            """;

    private Usage() {}

    static String of(URI baseUri) {
        return TEXT.formatted(baseUri);
    }
}
