package io.github.captchacallback.servlet;

import org.junit.jupiter.api.Tag;

@Tag("servlet-6.1")
final class Tomcat11GuideTest extends TomcatGuideTest {}
