package io.github.captchacallback.samples.boot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication.AbandonedRunException;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/** Ends the start with one line, and not with a report of a failure, if one of the demo's ports is taken. */
final class TakenPorts implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(TakenPorts.class);

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        Environment environment = event.getEnvironment();
        check(environment, "server.port");
        if (environment.getProperty("demo.simulator.enabled", Boolean.class, true)) {
            check(environment, "demo.simulator.port");
        }
    }

    private static void check(Environment environment, String key) {
        int port = environment.getRequiredProperty(key, Integer.class);
        try {
            new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})).close();
        } catch (IOException e) {
            LOG.error(
                    "Port {} is taken. Choose another: set the environment variable {}={}, or add --{}={}",
                    port,
                    key.toUpperCase(Locale.ROOT).replace('.', '_'),
                    port + 1,
                    key,
                    port + 1);
            throw new AbandonedRunException();
        }
    }
}
