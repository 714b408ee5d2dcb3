package io.github.captchacallback.docs.shop;

import io.github.captchacallback.Callback;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class CaptchaEndpoint {

    private final Orders orders;

    CaptchaEndpoint(Orders orders) {
        this.orders = orders;
    }

    @RequestMapping("/captcha/callback")
    String callback(Callback callback) {
        orders.complete(callback);
        return "OK";
    }
}
