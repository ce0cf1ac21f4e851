using Decent.Api.Jobs;
using Decent.Payments.Commands;
using Quartz;

namespace Decent.Api.Composition;

/// <summary>Quartz on the shared data source, clustered; only the heartbeat, never the place where work is kept.</summary>
internal static class SchedulerModule
{
    public static void AddScheduler(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IDueWork, PriceRefreshDueWork>();
        builder.Services.AddSingleton<DueWorkRunner>();
        builder.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options => options.InstanceName = "decent");
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(database => database.UseRegisteredDataSource = true);
                store.UseClustering();
                store.UseSystemTextJsonSerializer();
                store.UseExecutionHistory();
                store.ConfigureStore(options =>
                {
                    options.TablePrefix = "quartz.qrtz_";
                    options.StoreJobDataAsStrings = true;
                });
            });
            quartz.AddDeclaredJobs();
        });
        builder.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
    }
}
