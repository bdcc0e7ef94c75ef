package drover.admin.config;

/** Another file for the paths of a pattern, of which the client is not told. */
public record Rewrite(PathGlob from, RewriteTarget to) {

    public Rewrite {
        Scalar.require(from != null && to != null, "it must have from and to");
        RedirectTarget.requireCaptures(to.text(), from);
    }
}
