package io.github.captchacallback.spring;

import io.github.captchacallback.Callback;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.ModelAndView;

/** The application behind: an endpoint for callbacks, and others that have nothing to do with them. */
@RestController
class RecordingController {

    static final String HANDLED = "handled";

    /** One callback that has arrived, and who Spring Security says has sent it. */
    record Arrival(Callback callback, Authentication authentication, Map<String, String> parameters) {}

    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private final AtomicInteger others = new AtomicInteger();
    private volatile Function<Callback, Object> behaviour = callback -> HANDLED;

    /** Answers from now on in this way. */
    void answerWith(Function<Callback, Object> answer) {
        behaviour = answer;
    }

    List<Arrival> arrivals() {
        return arrivals;
    }

    void reset() {
        arrivals.clear();
        others.set(0);
        behaviour = callback -> HANDLED;
    }

    /** Returns how often any other endpoint was reached. */
    int others() {
        return others.get();
    }

    @RequestMapping(
            path = TestApplication.PATH,
            method = {RequestMethod.GET, RequestMethod.POST})
    Object callback(
            @AuthenticationPrincipal Callback callback,
            Authentication authentication,
            @RequestParam Map<String, String> parameters) {
        arrivals.add(new Arrival(callback, authentication, parameters));
        return behaviour.apply(callback);
    }

    @GetMapping("/orders")
    String orders(@Nullable Authentication authentication) {
        others.incrementAndGet();
        return "orders of " + (authentication == null ? "nobody" : authentication.getName());
    }

    /** Sends whoever comes here on to the callback path, inside the server. */
    @GetMapping("/forward")
    ModelAndView forward() {
        return new ModelAndView("forward:" + TestApplication.PATH + "?id=1&code=2");
    }

    @PostMapping("/orders")
    String order() {
        others.incrementAndGet();
        return "ordered";
    }
}
