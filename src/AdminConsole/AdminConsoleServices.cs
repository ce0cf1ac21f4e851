using Decent.AdminConsole.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace Decent.AdminConsole;

/// <summary>Puts the console into a container.</summary>
public static class AdminConsoleServices
{
    /// <summary>Registers what the pages need besides the application services of the modules.</summary>
    public static IServiceCollection AddAdminConsole(this IServiceCollection services) =>
        services.AddMudServices().AddScoped<Operator>();
}
