using Decent.Api.Composition;
using Decent.Postgres;

namespace Decent.Api;

/// <summary>
/// What the host's executable does: serve (default), <c>provision DATABASE</c> (roles and database, needs
/// ConnectionStrings:Superuser), <c>migrate</c> (needs ConnectionStrings:DecentOwner), <c>keys create NAME SCOPE…</c>.
/// </summary>
public static class HostCommands
{
    /// <summary>Runs the command line.</summary>
    /// <param name="args">The command and its arguments.</param>
    /// <returns>Exit code: 0 done, 1 refused with a message on standard error.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        try
        {
            switch (args)
            {
                case ["provision", var database]:
                    await ProvisionAsync(database);
                    return 0;
                case ["migrate", ..]:
                    await MigrateAsync(args[1..]);
                    return 0;
                case ["keys", "create", var name, .. var scopes]:
                    await CreateKeyAsync(name, scopes);
                    return 0;
                default:
                    await ApiHost.Build(args).RunAsync();
                    return 0;
            }
        }
        catch (StartRefusedException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task ProvisionAsync(string database)
    {
        var superuser = WebApplication.CreateBuilder().Configuration.GetConnectionString("Superuser")
            ?? throw new StartRefusedException("ConnectionStrings:Superuser is missing.");
        var passwords = RolePasswords.Generate();
        await new Provisioner(superuser).ProvisionAsync(database, passwords, CancellationToken.None);
        Console.WriteLine($"{Provisioner.OwnerRole} {passwords.Owner}");
        Console.WriteLine($"{Provisioner.AppRole} {passwords.App}");
    }

    private static async Task MigrateAsync(string[] args)
    {
        var configuration = WebApplication.CreateBuilder(args).Configuration;
        await using var owner = Databases.Owner(configuration);
        await Migrator.RunAsync(owner, ApiHost.Modules, CancellationToken.None);
    }

    private static async Task CreateKeyAsync(string name, string[] scopes)
    {
        var configuration = WebApplication.CreateBuilder().Configuration;
        await using var owner = Databases.Owner(configuration);
        var key = await ApiKeys.CreateAsync(owner, new Ids(TimeProvider.System), TimeProvider.System, name, scopes, CancellationToken.None);
        Console.WriteLine(key);
    }
}
