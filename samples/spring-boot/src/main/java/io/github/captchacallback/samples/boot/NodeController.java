package io.github.captchacallback.samples.boot;

import io.github.captchacallback.CaptchaCallbacks;
import org.springframework.boot.web.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows which node answers, and on which store it runs. */
@RestController
class NodeController {

    private final CaptchaCallbacks callbacks;
    private volatile int port;

    NodeController(CaptchaCallbacks callbacks) {
        this.callbacks = callbacks;
    }

    /**
     * A node.
     *
     * @param port where it answers
     * @param process its process id
     * @param store the value of {@code store.type}
     */
    record Node(int port, long process, String store) {}

    @EventListener
    void started(ServletWebServerInitializedEvent event) {
        port = event.getWebServer().getPort();
    }

    @GetMapping("/demo/node")
    Node node() {
        return new Node(
                port,
                ProcessHandle.current().pid(),
                callbacks.settings().store().type());
    }
}
