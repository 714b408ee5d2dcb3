package io.github.captchacallback.samples.webxml;

import io.github.captchacallback.samples.simulator.CaptchaSimulator;
import io.github.captchacallback.samples.tasks.Demo;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs the demo on free ports. */
final class ServedDemo extends Demo {

    private final DemoServer server;

    private ServedDemo(int port, DemoServer server) {
        super(port, "");
        this.server = server;
    }

    /** Starts a demo with {@link #SECRET} and these settings. */
    static ServedDemo start(Map<String, String> settings) {
        return startAt(freePort(), settings);
    }

    static ServedDemo startAt(int port, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("signature.keys." + KEY_ID, SECRET);
        return new ServedDemo(port, DemoServer.start(Path.of(System.getProperty("unpacked.war")), port, 0, all));
    }

    @Override
    public CaptchaSimulator simulator() {
        return server.simulator();
    }

    @Override
    public void close() {
        server.close();
    }
}
