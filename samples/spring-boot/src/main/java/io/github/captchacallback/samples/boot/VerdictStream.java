package io.github.captchacallback.samples.boot;

import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CallbackEventListener;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Shows every verdict to the console pages that are open, as server-sent events, and the latest ones to a new page. */
@RestController
class VerdictStream implements CallbackEventListener {

    private static final int MAX_PAGES = 32;
    private static final int REMEMBERED_EVENTS = 100;
    private static final int MAX_WAITING_EVENTS = 10_000;

    /** Touched by the one thread of the sender alone. */
    private final Deque<EventView> recent = new ArrayDeque<>();

    private final List<SseEmitter> pages = new CopyOnWriteArrayList<>();

    /** One thread keeps the order; what a flood leaves no room for is not shown. */
    private final ThreadPoolExecutor sender = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING_EVENTS),
            task -> {
                Thread thread = new Thread(task, "verdict-stream");
                thread.setDaemon(true);
                return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());

    @GetMapping("/demo/events")
    SseEmitter events() {
        if (pages.size() >= MAX_PAGES) {
            throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE);
        }
        SseEmitter page = new SseEmitter(0L);
        page.onCompletion(() -> pages.remove(page));
        page.onError(failure -> pages.remove(page));
        sender.execute(() -> {
            // Headers go out with the first event, and until then the page cannot tell that it is connected.
            send(page, SseEmitter.event().comment("connected"));
            recent.forEach(event -> send(page, SseEmitter.event().data(event)));
            pages.add(page);
        });
        return page;
    }

    @Override
    public void on(CallbackEvent event) {
        EventView view = EventView.of(event);
        sender.execute(() -> {
            recent.addLast(view);
            if (recent.size() > REMEMBERED_EVENTS) {
                recent.removeFirst();
            }
            pages.forEach(page -> send(page, SseEmitter.event().data(view)));
        });
    }

    private void send(SseEmitter page, SseEmitter.SseEventBuilder event) {
        try {
            page.send(event);
        } catch (IOException | IllegalStateException e) {
            pages.remove(page);
        }
    }

    /** Ends the pages' requests first: the web server waits for every request that runs. */
    @EventListener
    void close(ContextClosedEvent event) {
        sender.shutdownNow();
        pages.forEach(SseEmitter::complete);
    }
}
