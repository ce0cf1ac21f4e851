namespace Decent.Payments.Commands;

/// <summary>
/// The request was understood and refused; nothing was changed. The code is stable and becomes the problem's
/// <c>code</c> over HTTP.
/// </summary>
public sealed class RefusedException(string code, string detail, RefusalKind kind = RefusalKind.Conflict)
    : Exception(detail)
{
    /// <summary>Stable snake_case code, such as <c>amount_not_positive</c>.</summary>
    public string Code { get; } = code;

    /// <summary>Which class of answer it is.</summary>
    public RefusalKind Kind { get; } = kind;

    /// <summary>Further members of the problem document (ids, limits), if any.</summary>
    public IReadOnlyDictionary<string, string> Extensions { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>Class of a refusal; decides the HTTP status.</summary>
public enum RefusalKind
{
    /// <summary>The input is wrong in itself (400).</summary>
    Invalid,

    /// <summary>No such thing, or not visible to the caller (404).</summary>
    NotFound,

    /// <summary>The state of things forbids it now (409).</summary>
    Conflict,

    /// <summary>The caller may not (403).</summary>
    Forbidden,

    /// <summary>Proof of origin is missing or wrong (401).</summary>
    Unauthenticated,

    /// <summary>Something needed is not available, such as a price (503).</summary>
    Unavailable,

    /// <summary>The body is larger than allowed (413).</summary>
    TooLarge,
}
