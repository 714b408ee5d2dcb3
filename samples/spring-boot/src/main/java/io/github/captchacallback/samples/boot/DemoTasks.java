package io.github.captchacallback.samples.boot;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.SubmittedTask;
import io.github.captchacallback.delivery.CallbackHandler;
import io.github.captchacallback.settings.CallbackSettings.Scheme;
import io.github.captchacallback.settings.CallbackSettings.Signature;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Submits the console's tasks, and takes their callbacks: what an application of one's own would do. */
@Component
class DemoTasks implements CallbackHandler {

    private static final int REMEMBERED_TASKS = 10_000;

    private final CaptchaCallbacks callbacks;
    private final CaptchaService service;
    private final Cache<String, DemoTask> tasks =
            Caffeine.newBuilder().maximumSize(REMEMBERED_TASKS).build();

    DemoTasks(CaptchaCallbacks callbacks, CaptchaService service) {
        this.callbacks = callbacks;
        this.service = service;
    }

    /** A task together with the URL that its callback comes to. */
    record Submitted(DemoTask task, String callbackUrl) {}

    /** Submits a task, with parameters that steer the simulated service. */
    Submitted submit(Map<String, String> steering) {
        return signsReferences() ? submitWithReference(steering) : submitThenExpect(steering);
    }

    /** The callback may come before the service's answer, so the task is put down before the service is called. */
    private Submitted submitWithReference(Map<String, String> steering) {
        SubmittedTask submitted = callbacks.submit(issued -> {
            tasks.put(issued.reference(), DemoTask.pending(issued.reference()));
            try {
                return service.submit(issued.url(), steering);
            } catch (RuntimeException e) {
                tasks.invalidate(issued.reference());
                throw e;
            }
        });
        String reference = submitted.callback().reference();
        DemoTask task = tasks.asMap()
                .merge(
                        reference,
                        DemoTask.pending(reference).withTaskId(submitted.taskId()),
                        (known, pending) -> known.withTaskId(submitted.taskId()));
        return new Submitted(task, submitted.callback().url());
    }

    /** Where callbacks are known by their task id, a URL can only be made once the service has given one. */
    private Submitted submitThenExpect(Map<String, String> steering) {
        String taskId = service.submit(String.valueOf(callbacks.settings().publicUrl()), steering);
        IssuedCallback issued = callbacks.issueFor(taskId);
        DemoTask task = DemoTask.pending(issued.reference()).withTaskId(taskId);
        tasks.put(issued.reference(), task);
        return new Submitted(task, issued.url());
    }

    private boolean signsReferences() {
        Signature signature = callbacks.settings().signature();
        return signature.enabled() && signature.scheme() == Scheme.REFERENCE;
    }

    Optional<DemoTask> find(String reference) {
        return Optional.ofNullable(tasks.getIfPresent(reference));
    }

    @Override
    public void handle(Callback callback) {
        tasks.put(callback.reference(), DemoTask.ended(callback));
    }
}
