package io.github.captchacallback.samples.boot;

import io.github.captchacallback.samples.simulator.CaptchaSimulator;
import io.github.captchacallback.samples.tasks.Demo;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs the demo as its main method does, on free ports. */
final class RunningDemo extends Demo {

    private static @Nullable RunningDemo shared;

    private final ConfigurableApplicationContext context;

    private RunningDemo(ConfigurableApplicationContext context, int port) {
        super(port, "");
        this.context = context;
    }

    /** Returns the one demo that the tests without settings of their own share; it ends with the JVM. */
    static synchronized RunningDemo shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /** Starts a demo with {@link #SECRET} and these settings, each {@code name=value}. */
    static RunningDemo start(String... settings) {
        return startAsUsersDo(Stream.concat(
                        Stream.of("captcha.callback.signature.keys." + KEY_ID + "=" + SECRET), Arrays.stream(settings))
                .toArray(String[]::new));
    }

    /** Starts a demo with these settings alone. */
    static RunningDemo startAsUsersDo(String... settings) {
        int port = freePort();
        Stream<String> ports = Stream.of("server.port=" + port, "demo.simulator.port=0")
                .filter(setting -> Arrays.stream(settings).noneMatch(own -> own.startsWith(key(setting))));
        String[] arguments = Stream.concat(ports, Arrays.stream(settings))
                .map(setting -> "--" + setting)
                .toArray(String[]::new);
        AtomicReference<@Nullable ConfigurableApplicationContext> started = new AtomicReference<>();
        SpringApplicationRunListener listener = new SpringApplicationRunListener() {
            @Override
            public void started(ConfigurableApplicationContext context, @Nullable Duration timeTaken) {
                started.set(context);
            }
        };
        SpringApplication.withHook(application -> listener, () -> DemoApplication.run(arguments));
        ConfigurableApplicationContext context = started.get();
        if (context == null) {
            throw new AssertionError("main has started nothing");
        }
        return new RunningDemo(context, port);
    }

    private static String key(String setting) {
        return setting.substring(0, setting.indexOf('=') + 1);
    }

    String property(String name) {
        return context.getEnvironment().getRequiredProperty(name);
    }

    @Override
    public CaptchaSimulator simulator() {
        return context.getBean(CaptchaSimulator.class);
    }

    @Override
    public void close() {
        context.close();
    }
}
