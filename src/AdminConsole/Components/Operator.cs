using System.Security.Cryptography;
using System.Text;
using Decent.Payments.Commands;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;

namespace Decent.AdminConsole.Components;

/// <summary>The signed-in person, asked again before every command: a circuit may outlive a right.</summary>
public sealed class Operator(AuthenticationStateProvider state, IAuthorizationService authorization)
{
    /// <summary>Whether the person has a scope now.</summary>
    /// <param name="scope">Such as <c>payouts:approve</c>.</param>
    public async Task<bool> MayAsync(string scope)
    {
        var user = (await state.GetAuthenticationStateAsync()).User;
        return (await authorization.AuthorizeAsync(user, scope)).Succeeded;
    }

    /// <summary>The context of a command.</summary>
    /// <param name="scope">The scope it needs.</param>
    /// <param name="action">What is done to what, such as <c>approve payout 0193…</c>.</param>
    /// <param name="formKey">Minted when the form was opened, so that a double click is one command.</param>
    /// <param name="body">What the person typed.</param>
    /// <exception cref="RefusedException"><c>scope_missing</c>: the person may not.</exception>
    public async Task<CommandContext> CommandAsync(string scope, string action, Guid formKey, string body)
    {
        var user = (await state.GetAuthenticationStateAsync()).User;
        if (user.Identity?.Name is not { Length: > 0 } name || !(await authorization.AuthorizeAsync(user, scope)).Succeeded)
        {
            throw new RefusedException("scope_missing", $"Your key lacks the right '{scope}'.", RefusalKind.Forbidden);
        }

        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(body));
        return new CommandContext(name, new IdempotencyKey($"{name} console {action}", formKey.ToString(), digest));
    }
}
