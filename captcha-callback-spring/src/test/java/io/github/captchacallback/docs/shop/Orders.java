package io.github.captchacallback.docs.shop;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

@Component
public class Orders {

    private final CaptchaCallbacks callbacks;
    private final Map<String, String> answers = new ConcurrentHashMap<>();

    Orders(CaptchaCallbacks callbacks) {
        this.callbacks = callbacks;
    }

    /** Submits a task; whatever client of the service you have takes the URL as its pingback. */
    public IssuedCallback submit(CaptchaService service) {
        return callbacks.submit(issued -> service.submitTask(issued.url())).callback();
    }

    void complete(Callback callback) {
        answers.put(callback.reference(), callback.solution());
    }

    /** Returns what the service has answered. */
    public String answer(String reference) {
        return answers.getOrDefault(reference, "none yet");
    }

    public interface CaptchaService {

        String submitTask(String pingback);
    }
}
