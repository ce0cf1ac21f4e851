using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Decent.Api.Composition;

/// <summary>A console circuit may outlive the key it was opened with: looks every minute whether the key still lives.</summary>
internal sealed class ConsoleRevalidation(ILoggerFactory logger, ApiKeys keys) : RevalidatingServerAuthenticationStateProvider(logger)
{
    /// <inheritdoc />
    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        Guid.TryParse(authenticationState.User.FindFirstValue(ClaimTypes.NameIdentifier), out var id)
        && await keys.IsLiveAsync(id, cancellationToken);
}
