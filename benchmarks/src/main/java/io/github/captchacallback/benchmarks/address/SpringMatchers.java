package io.github.captchacallback.benchmarks.address;

import java.util.List;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

/** Decides by one matcher of Spring Security after the other, the only list that it has. */
public class SpringMatchers extends Allowlist {

    private List<IpAddressMatcher> matchers = List.of();

    @Override
    void build(List<String> written) {
        matchers = written.stream().map(IpAddressMatcher::new).toList();
    }

    @Override
    boolean permits(String client) {
        for (IpAddressMatcher matcher : matchers) {
            if (matcher.matches(client)) {
                return true;
            }
        }
        return false;
    }
}
