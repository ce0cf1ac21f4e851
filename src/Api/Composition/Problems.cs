using System.Text.Json;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Microsoft.AspNetCore.Diagnostics;

namespace Decent.Api.Composition;

/// <summary>The one table from outcome to problem document (RFC 9457); every problem has a stable <c>code</c>.</summary>
internal sealed class Problems(ILogger<Problems> logger) : IExceptionHandler
{
    /// <summary>A problem answer.</summary>
    /// <param name="code">Stable snake_case code.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="detail">A sentence for people.</param>
    /// <param name="extensions">Further members.</param>
    public static IResult Of(string code, int status, string detail, IEnumerable<KeyValuePair<string, string>>? extensions = null)
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code };
        foreach (var (key, value) in extensions ?? [])
        {
            members[key] = value;
        }

        return Results.Problem(
            detail: detail, statusCode: status, title: Title(code), type: $"urn:decent:problem:{code}", extensions: members);
    }

    /// <summary>A problem for an answer that ended with a bare status under /api (no route, wrong method or media type).</summary>
    public static Task OfStatus(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            return Task.CompletedTask;
        }

        var status = context.Response.StatusCode;
        var (code, detail) = status switch
        {
            StatusCodes.Status404NotFound => ("not_found", "There is nothing at this address."),
            StatusCodes.Status405MethodNotAllowed => ("method_not_allowed", "This address does not take that method."),
            StatusCodes.Status415UnsupportedMediaType => ("media_type_unsupported", "Send application/json."),
            _ => ("request_refused", "The request was refused."),
        };
        return Of(code, status, detail).ExecuteAsync(context);
    }

    /// <inheritdoc />
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            RefusedException e => Of(e.Code, StatusOf(e.Kind), e.Message, e.Extensions),
            BooksRefusedException e => OfBooks(e),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                Of("body_too_large", StatusCodes.Status413PayloadTooLarge, "The request body is too large."),
            BadHttpRequestException e => Of("body_invalid", e.StatusCode, Reason(e)),
            JsonException e => Of("body_invalid", StatusCodes.Status400BadRequest, Reason(e)),
            OperationCanceledException when httpContext.RequestAborted.IsCancellationRequested => Results.StatusCode(499),
            _ => Unexpected(httpContext, exception),
        };
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private static string Reason(BadHttpRequestException e) =>
        e.InnerException is JsonException json ? Reason(json) : e.Message;

    /// <summary>What is wrong with a body, without the names of our types.</summary>
    private static string Reason(JsonException e)
    {
        const string Missing = "missing required properties including:";
        var at = e.Message.IndexOf(Missing, StringComparison.Ordinal);
        if (at >= 0)
        {
            return $"The body lacks {e.Message[(at + Missing.Length)..].Trim().TrimEnd('.')}.";
        }

        return e.Path is { Length: > 0 } path
            ? $"The body is not what this endpoint takes, at {path}."
            : "The body is not JSON.";
    }

    private static IResult OfBooks(BooksRefusedException e)
    {
        var code = JsonNamingPolicy.SnakeCaseLower.ConvertName(e.Refusal.ToString());
        return Of(
            code,
            StatusCodes.Status409Conflict,
            e.Message,
            e.FirstId is { } id ? [new("firstId", id.ToString())] : null);
    }

    private static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCodes.Status400BadRequest,
        RefusalKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        RefusalKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        _ => throw new InvalidOperationException($"No status for {kind}."),
    };

    private static string Title(string code)
    {
        var words = code.Replace('_', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private IResult Unexpected(HttpContext context, Exception exception)
    {
        logger.LogError(exception, "Request {Method} {Path} failed.", context.Request.Method, context.Request.Path);
        return Of(
            "internal_error",
            StatusCodes.Status500InternalServerError,
            "Something went wrong on our side. The request may be repeated with the same Idempotency-Key.",
            [new("correlationId", context.TraceIdentifier)]);
    }
}
