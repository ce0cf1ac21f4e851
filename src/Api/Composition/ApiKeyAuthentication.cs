using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Decent.Api.Composition;

/// <summary>Reads <c>Authorization: Bearer dk_…</c> and makes the caller's claims.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string ScopeClaim = "scope";
    private const string Bearer = "Bearer ";

    /// <summary>The identity of a caller under an authentication scheme.</summary>
    public static ClaimsPrincipal PrincipalOf(ApiCaller caller, string scheme) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, caller.Name),
            new Claim(ClaimTypes.NameIdentifier, caller.Id.ToString()),
            .. caller.Scopes.Select(s => new Claim(ScopeClaim, s)),
        ],
        scheme));

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var caller = await keys.FindAsync(header[Bearer.Length..].Trim(), Context.RequestAborted);
        return caller is null
            ? AuthenticateResult.Fail("unknown key")
            : AuthenticateResult.Success(new AuthenticationTicket(PrincipalOf(caller, SchemeName), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        var (code, detail) = Request.Headers.Authorization.Count == 0
            ? ("api_key_missing", "Send an API key as 'Authorization: Bearer dk_…'.")
            : ("api_key_invalid", "This API key is unknown or revoked.");
        return Problems.Of(code, StatusCodes.Status401Unauthorized, detail).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var policy = Context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAuthorizeData>()?.Policy;
        return Problems.Of("scope_missing", StatusCodes.Status403Forbidden, $"This key lacks the scope '{policy}'.").ExecuteAsync(Context);
    }
}
