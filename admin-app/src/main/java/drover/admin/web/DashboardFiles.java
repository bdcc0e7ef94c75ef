package drover.admin.web;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.PathResourceResolver;

/** The front-end's files, from its jar. Names below {@code /assets} hold a hash, so a browser may keep them for ever. */
@Configuration
class DashboardFiles implements WebMvcConfigurer {

    private static final String FILES = "META-INF/resources/";

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/assets/**")
                .addResourceLocations(new ClassPathResource(FILES + "assets/"))
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
        registry.addResourceHandler("/**")
                .addResourceLocations(new ClassPathResource(FILES))
                .setCacheControl(CacheControl.noCache())
                .resourceChain(true)
                .addResolver(new PageResolver());
    }

    /** An address that names no file is a page of the front-end, which knows its own pages. */
    private static final class PageResolver extends PathResourceResolver {

        @Override
        protected @Nullable Resource getResource(String path, Resource location) throws IOException {
            var file = super.getResource(path, location);
            return file == null && isPage(path) ? super.getResource("index.html", location) : file;
        }

        private static boolean isPage(String path) {
            return !path.startsWith("api/") && !path.contains(".");
        }
    }
}
