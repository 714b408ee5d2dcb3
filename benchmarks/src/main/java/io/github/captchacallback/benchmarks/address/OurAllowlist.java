package io.github.captchacallback.benchmarks.address;

import io.github.captchacallback.address.IpAllowlist;
import io.github.captchacallback.address.IpRange;
import java.util.List;

/** Decides by our list. */
public class OurAllowlist extends Allowlist {

    private IpAllowlist list = new IpAllowlist(List.of());

    @Override
    void build(List<String> written) {
        list = new IpAllowlist(written.stream().map(IpRange::parse).toList());
    }

    @Override
    boolean permits(String client) {
        return list.permits(client);
    }
}
