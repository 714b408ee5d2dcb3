package io.github.captchacallback.benchmarks.address;

import inet.ipaddr.IPAddressString;
import inet.ipaddr.format.util.DualIPv4v6Tries;
import java.util.List;

/** Decides by the trie of the {@code ipaddress} library. */
public class IpAddressTrie extends Allowlist {

    private final DualIPv4v6Tries tries = new DualIPv4v6Tries();

    @Override
    void build(List<String> written) {
        written.forEach(block -> tries.add(new IPAddressString(block).getAddress()));
    }

    @Override
    boolean permits(String client) {
        return tries.elementContains(new IPAddressString(client).getAddress());
    }
}
