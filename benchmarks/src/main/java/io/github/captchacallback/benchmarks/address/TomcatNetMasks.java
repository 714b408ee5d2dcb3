package io.github.captchacallback.benchmarks.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.catalina.util.NetMask;

/** Decides as Tomcat's {@code RemoteCIDRFilter} does: reads the address once, and asks one mask after the other. */
public class TomcatNetMasks extends Allowlist {

    private List<NetMask> masks = List.of();

    @Override
    void build(List<String> written) {
        masks = written.stream().map(NetMask::new).toList();
    }

    @Override
    boolean permits(String client) {
        InetAddress address = address(client);
        for (NetMask mask : masks) {
            if (mask.matches(address)) {
                return true;
            }
        }
        return false;
    }

    private static InetAddress address(String client) {
        try {
            return InetAddress.getByName(client);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
